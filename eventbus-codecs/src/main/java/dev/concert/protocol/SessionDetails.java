package dev.concert.protocol;

/** One session, as a request for it is answered. */
public record SessionDetails(SessionMeta session) {}
