package dev.concert.bridges.platform;

/** What somebody said before we were asked. */
public record EarlierMessage(String author, String text) {}
