"""What is the best that can be done from every state: graphs, reach, values of hard and soft planners."""
