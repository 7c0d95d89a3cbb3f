/** <em>Deleted ids</em>: what was deleted a short while ago, so that nothing brings it back. */
package dev.concert.foundation.deletion;
