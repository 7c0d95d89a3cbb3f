/**
 * Looks at the content store as a whole: every file of it is read, damage is mended from the tier,
 * and what cannot be mended is named with the iterations that it costs. Journals are looked at by
 * {@code verification}.
 */
package dev.concert.chronicle.inspection;
