/** The books of all calls: who asked whom for how much, exactly. */
package dev.concert.ensemble.ledger;
