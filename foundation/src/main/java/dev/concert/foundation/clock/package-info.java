/**
 * A <em>steady clock</em> measures how long something takes; the system's clock says when it is.
 */
package dev.concert.foundation.clock;
