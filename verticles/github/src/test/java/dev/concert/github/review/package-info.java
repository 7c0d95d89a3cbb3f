/** Diffs, and what agents say of them. */
package dev.concert.github.review;
