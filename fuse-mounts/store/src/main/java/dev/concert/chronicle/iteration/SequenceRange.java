package dev.concert.chronicle.iteration;

/** Sequence numbers from one to another, both included. */
public record SequenceRange(long first, long last) {}
