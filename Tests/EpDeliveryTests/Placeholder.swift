// Tests of EpDelivery.
