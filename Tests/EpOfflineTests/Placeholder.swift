// Tests of EpOffline.
