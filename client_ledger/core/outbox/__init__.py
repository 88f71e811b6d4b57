"""Messages to customers, whatever they are about: to whom and how, when a company may write, whether one may go out now.

message + what is known of the customer and the moment  ->  verdict (send, defer until, skip, each with its reason)
"""
