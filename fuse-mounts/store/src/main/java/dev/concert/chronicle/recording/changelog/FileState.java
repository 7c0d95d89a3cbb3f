package dev.concert.chronicle.recording.changelog;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;

/**
 * A file as it is when its content is recorded.
 *
 * @param path relative to the root
 * @param mode permission bits
 * @param shared whether it has other names
 * @param signature taken before the content is read, so that a later change shows
 */
public record FileState(String path, Kind kind, int mode, boolean shared, Signature signature) {}
