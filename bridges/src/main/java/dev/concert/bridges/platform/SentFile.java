package dev.concert.bridges.platform;

/**
 * A file that somebody sends with a message.
 *
 * @param name as its sender chose it: it says nothing about where it may be written
 * @param mediaType as the platform says; empty where it does not
 * @param size in bytes; 0 where the platform does not say
 * @param reference by which the platform gives the file
 */
public record SentFile(String name, String mediaType, long size, String reference) {}
