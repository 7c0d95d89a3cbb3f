package dev.concert.protocol;

import java.util.List;

/** The channels of a member, also those that are off. */
public record DeliveryChannels(List<DeliveryChannel> channels) {}
