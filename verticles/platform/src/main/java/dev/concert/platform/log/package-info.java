/** What the server's log looks like, and how much is in it: section {@code logging}. */
package dev.concert.platform.log;
