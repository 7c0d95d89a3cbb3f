/**
 * Local sync: keeps a folder of a person's machine and the workspace of a session equal in both
 * directions, so that the person edits in an IDE while the agent works.
 *
 * <p>{@code replication.replica} decides what is sent, applied and in conflict. This package runs
 * it over a person's folder ({@code folder}), finds out when something changed ({@code watch}) and
 * resolves conflicts.
 *
 * <p>Nouns. The <em>sync place</em> is the folder with what is remembered about it. A <em>conflict
 * policy</em> says what happens to a file that both sides changed. The <em>merge base</em> is the
 * last text that both sides had; the <em>conflict merger</em> needs it for a three-way merge.
 */
package dev.concert.chronicle.localsync;
