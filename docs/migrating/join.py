"""Stage 3: all of audio/ becomes episode.wav, in the order of sections.json."""
import json
import wave

order = [section["id"] for section in json.load(open("sections.json", encoding="utf-8"))["sections"]]
with wave.open("episode.wav", "wb") as episode:
    for index, name in enumerate(order):
        with wave.open(f"audio/{name}.wav", "rb") as part:
            if index == 0:
                episode.setparams(part.getparams())
            episode.writeframes(part.readframes(part.getnframes()))
