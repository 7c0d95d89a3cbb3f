/**
 * Finds out which files of a person's folder changed.
 *
 * <p>The <em>folder watcher</em> gets events from the operating system. The <em>change
 * debouncer</em> collects them until the folder is quiet for a while, and passes on <em>changed
 * paths</em>.
 */
package dev.concert.chronicle.localsync.watch;
