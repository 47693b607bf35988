module example.invalid/container-codecs

go 1.19
