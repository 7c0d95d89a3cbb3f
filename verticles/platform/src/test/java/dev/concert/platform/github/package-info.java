/** Work on GitHub in the real server, with a played GitHub. */
package dev.concert.platform.github;
