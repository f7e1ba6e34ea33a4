module turnstile

go 1.19
