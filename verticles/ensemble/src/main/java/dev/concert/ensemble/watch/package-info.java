/** Polling for changes that other processes make to a shared file. */
package dev.concert.ensemble.watch;
