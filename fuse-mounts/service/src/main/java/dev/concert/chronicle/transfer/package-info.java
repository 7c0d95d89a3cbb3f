/**
 * Many files of a workspace in one stream, in or out.
 *
 * <p>Nouns. A <em>file import</em> brings in the entries of a tar, all or none of them. A <em>tree
 * listing</em> says of each file its size and time, so that a reader finds what changed since the
 * last one. A <em>file export</em> is a tar of chosen paths as they are now. The <em>transfer
 * server</em> is the loopback address at which the gateway has them done.
 */
package dev.concert.chronicle.transfer;
