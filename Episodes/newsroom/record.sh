# Puts the lines one after the other, with a short pause between them, and lays the noise of a street under them.
set -e
ffmpeg -nostdin -v error -f lavfi -i anullsrc=r=16000:cl=mono -t 0.35 -c:a pcm_s16le pause.wav
for line in lines/*; do
    echo "file '$line'"
    echo "file 'pause.wav'"
done > list.txt
ffmpeg -nostdin -v error -f concat -safe 0 -i list.txt -f lavfi -i anoisesrc=color=brown:amplitude=0.02:seed=7:r=16000 \
    -filter_complex '[0:a][1:a]amix=inputs=2:duration=first:normalize=0,aresample=44100' \
    -ac 1 -c:a flac -map_metadata -1 -flags +bitexact -fflags +bitexact recording.flac
