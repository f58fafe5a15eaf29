namespace Sentio
{
    /// <summary>Movements of the face with their FACS names; the value is the number of the action unit.</summary>
    public enum SentioActionUnit
    {
        /// <summary>AU1.</summary>
        InnerBrowRaiser = 1,

        /// <summary>AU2.</summary>
        OuterBrowRaiser = 2,

        /// <summary>AU4.</summary>
        BrowLowerer = 4,

        /// <summary>AU5.</summary>
        UpperLidRaiser = 5,

        /// <summary>AU6.</summary>
        CheekRaiser = 6,

        /// <summary>AU7.</summary>
        LidTightener = 7,

        /// <summary>AU9.</summary>
        NoseWrinkler = 9,

        /// <summary>AU10.</summary>
        UpperLipRaiser = 10,

        /// <summary>AU12.</summary>
        LipCornerPuller = 12,

        /// <summary>AU14.</summary>
        Dimpler = 14,

        /// <summary>AU15.</summary>
        LipCornerDepressor = 15,

        /// <summary>AU16.</summary>
        LowerLipDepressor = 16,

        /// <summary>AU17.</summary>
        ChinRaiser = 17,

        /// <summary>AU18.</summary>
        LipPucker = 18,

        /// <summary>AU20.</summary>
        LipStretcher = 20,

        /// <summary>AU22.</summary>
        LipFunneler = 22,

        /// <summary>AU24.</summary>
        LipPressor = 24,

        /// <summary>AU26.</summary>
        JawDrop = 26,

        /// <summary>AU28.</summary>
        LipSuck = 28,

        /// <summary>AU29.</summary>
        JawThrust = 29,

        /// <summary>AU34.</summary>
        CheekPuff = 34,

        /// <summary>AU45.</summary>
        Blink = 45,
    }
}
