/**
 * Checks the content store as a whole: reads every file, repairs damage from the tier, and names
 * the iterations that a content that cannot be repaired belongs to. {@code verification} checks
 * journals.
 *
 * <p>Nouns. A <em>lost content</em> cannot be read and cannot be repaired.
 */
package dev.concert.chronicle.inspection;
