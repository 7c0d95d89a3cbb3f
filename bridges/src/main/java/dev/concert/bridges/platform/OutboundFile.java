package dev.concert.bridges.platform;

import io.vertx.core.buffer.Buffer;

/**
 * A file of a workspace that people are to get.
 *
 * @param name without a folder
 * @param comment below it; empty for none
 */
public record OutboundFile(String name, Buffer content, String comment) {}
