"""Group robots of WeCom, DingTalk and Feishu: where they are reached, signed requests, what they answer, when to try again. Nothing here sends."""
