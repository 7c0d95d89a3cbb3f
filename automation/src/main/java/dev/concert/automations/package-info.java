/** Work that begins by itself: when it is due, how it runs, and what becomes of its results. */
package dev.concert.automations;
