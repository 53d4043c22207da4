"""What one round of policy iteration is made of, compiled: improve the plan, order the states, evaluate the plan."""
