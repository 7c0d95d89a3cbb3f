"""Starts the coding agent."""

from coding.agent import CodingAgent
from podium.agent import run

if __name__ == "__main__":
    run(CodingAgent)
