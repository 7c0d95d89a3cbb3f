/** Where futures complete: a <em>caller</em> goes on on the context on which it asked. */
package dev.concert.foundation.context;
