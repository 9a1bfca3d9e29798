// Tests of Epbuild.
