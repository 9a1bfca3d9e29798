// EpDelivery
