/**
 * Keeps a copy of the data folder in a bucket, and restores one.
 *
 * <p>Nouns. <b>Litestream</b> (https://litestream.io) is a program that copies the write-ahead logs
 * of SQLite databases into a bucket. A <b>replicator</b> is one process of it with a part of the
 * databases; Litestream does not notice new ones, so Concert starts the youngest replicator again
 * when there are any. The <b>manifest</b> is an object that lists the databases. The <b>file
 * mirror</b> copies what is no database: change logs, intents, the state of agents. The contents of
 * files are not here: {@code chronicle.s3} has them.
 */
package dev.concert.platform.backup;
