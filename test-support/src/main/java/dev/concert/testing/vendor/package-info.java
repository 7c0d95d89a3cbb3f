/**
 * A fake vendor: an HTTP server that answers in the wire formats of the model vendors, from a
 * script that the test gives.
 */
package dev.concert.testing.vendor;
