"""HOW THE MACHINE LEARNS: frames in, values out.

    model, encoding, columns, calibration   what a version is: what it reads, how it scores, what a score means
    learning     how a version is made         judging      may it take the champion's place
    explaining   why it says what it says      trust        when not to believe it, and where people help
    corrections  learned within the minute     proposing    what marks and rationales ask to change
    texts        short messages as a factor        team         what people here would call, and how each weighs
    difficulty   how hard a case is for people; for measuring them alone

May import core, stats, numpy, pandas, scipy, scikit-learn, xgboost and shap. Never store, loop, human, reports
or Streamlit. No clock, no database: seeds are arguments, and models travel as bytes.
"""
