"""Text and long logs as sequences of tokens: a small causal transformer whose logits are values, and the rewards behind them.

What needs torch (the extra ``motive[language]``) lives in ``network``; nothing else imports it.
"""
