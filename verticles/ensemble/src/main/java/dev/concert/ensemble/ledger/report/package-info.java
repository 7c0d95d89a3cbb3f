/** Reports from the usage ledger: totals by group, pages of calls, exports. */
package dev.concert.ensemble.ledger.report;
