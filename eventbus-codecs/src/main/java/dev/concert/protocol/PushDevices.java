package dev.concert.protocol;

import java.util.List;

/**
 * The browsers of a member.
 *
 * @param publicKey of the server, for which a browser subscribes
 */
public record PushDevices(String publicKey, List<PushDevice> devices) {}
