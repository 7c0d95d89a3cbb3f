/** Texts of any length in the pieces that a platform takes. */
package dev.concert.bridges.text;
