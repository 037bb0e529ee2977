"""Made-up papers of every kind, as varied as a script can make them, to train and try the telling of kinds.

They stand in for kinds of which no free set of real papers is at hand (delivery notes, credit notes, HR forms, identity
papers, letters) and are no proof of how real ones fare: figures on them are printed apart.
"""
