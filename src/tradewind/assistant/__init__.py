"""Customer service: understands, answers, carries tasks through, recommends, and hands over to a person."""
