/**
 * The journal of a workspace: its iterations in SQLite ({@code metadata/chronicle.db}).
 *
 * <p>Nouns. The <em>journal</em> enters what happens; callers that arrive together share a
 * transaction (<em>pending commits</em>, group commit). The <em>iteration writer</em> turns entries
 * into iterations inside that transaction. A <em>file head</em> is the latest state of a path. The
 * <em>history</em> answers queries. <em>Named snapshots</em> are names for sequences. The
 * <em>iteration pruner</em> drops iterations that a retention policy does not keep and leaves their
 * <em>pruned ranges</em>, so that a hole that nobody made on purpose is noticed. Of an excluded
 * path (<em>workspace exclusions</em>) only the latest iteration is kept. <em>Skips</em> are
 * versions that are not kept.
 */
package dev.concert.chronicle.journal;
