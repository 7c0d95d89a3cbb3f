/**
 * A workspace at one moment as an archive that is written while it is read.
 *
 * <p>Nouns. The <em>archive format</em> is zip or tar. The <em>archive source</em> is what the
 * archive contains. The <em>archive server</em> is the loopback address from which the gateway
 * reads it. The <em>archive names</em> are safe on every system. The package does not know
 * workspaces: its caller says what the archive contains.
 */
package dev.concert.chronicle.archive;
