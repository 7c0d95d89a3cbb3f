/**
 * {@code .chronicle} in the root of a mounted workspace: its history, as files.
 *
 * <ul>
 *   <li>{@code .chronicle/query/PATH}: JSON array of the path's iterations, oldest first: {@code
 *       iteration}, {@code timestamp} (Unix milliseconds), {@code size}, {@code hash}, {@code
 *       change}, and {@code from} after a rename
 *   <li>{@code .chronicle/at/N/PATH}: the content of the path's iteration {@code N}
 *   <li>{@code .chronicle/at/@TIME/…}: the whole tree as it was at a moment, to be browsed; {@code
 *       TIME} is ISO-8601 ({@code 2026-11-21T08:00:00Z}, or a day) or Unix milliseconds
 * </ul>
 *
 * <p>Everything is read-only ({@code EROFS}), and the root does not list it. A name is a folder if
 * the history has a path below it, even if the name was a file at times. A real {@code .chronicle}
 * in the root of the tree is hidden while the tree is mounted.
 */
package dev.concert.chronicle.history;
