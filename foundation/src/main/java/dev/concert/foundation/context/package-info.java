/**
 * Where futures complete: a <em>caller</em> goes on on the context on which it asked. Work that
 * must outlive a verticle has a <em>lasting</em> context.
 */
package dev.concert.foundation.context;
