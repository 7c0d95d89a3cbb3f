/** Runs the platforms' own clients, from npm and unmodified, against the played platforms. */
package dev.concert.bridges.vendor;
