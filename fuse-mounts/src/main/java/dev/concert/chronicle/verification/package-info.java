/**
 * Whether what the journals of a host remember is all there and is what it was. Changes nothing.
 */
package dev.concert.chronicle.verification;
