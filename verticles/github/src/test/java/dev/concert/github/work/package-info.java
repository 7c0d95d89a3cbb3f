/** Work on issues, with a played forge on one side and a played Concert on the other. */
package dev.concert.github.work;
