package dev.concert.platform.turn;

import dev.concert.platform.harness.OnTwoNodes;

@OnTwoNodes
class TurnControlOnTwoNodesTest extends TurnControlTest {}
