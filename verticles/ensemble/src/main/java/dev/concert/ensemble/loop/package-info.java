/** Several event loops serve one node: what leads from one of them to another. */
package dev.concert.ensemble.loop;
