/** Work on issues, with a played GitHub on one side and a played Concert on the other. */
package dev.concert.github.work;
