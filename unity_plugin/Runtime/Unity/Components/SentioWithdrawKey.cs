using System;
using UnityEngine;

namespace Sentio
{
    /// <summary>Withdraws all consent at the press of a key, also while the game is paused.</summary>
    /// <remarks>Add one to a scene with a <see cref="SentioClient"/>; <see cref="SentioConsent"/> has the same key.
    /// For a controller's button, call <see cref="Withdraw"/> from your own input action.</remarks>
    [AddComponentMenu("Sentio/Sentio Withdraw Key")]
    public sealed class SentioWithdrawKey : MonoBehaviour
    {
        [SerializeField, Tooltip("The client of the sidecar that keeps the consent; empty uses a parent's client, or any in the scenes.")]
        private SentioClient client;

        [SerializeField, Tooltip("The key that withdraws all consent at any time; None for none.")]
        private KeyCode key = Default;

        /// <summary>The key unless another is chosen.</summary>
        public const KeyCode Default = KeyCode.F9;

        private readonly FeedFinder<SentioClient> _finder = new FeedFinder<SentioClient>();
        private SentioClient _found;

        /// <summary>All consent was withdrawn, or that failed; the error is null if it did not fail.</summary>
        public event Action<SentioError> Withdrawn;

        /// <summary>The client of the sidecar that keeps the consent; null uses a parent's client, or any in the
        /// scenes.</summary>
        public SentioClient Client { get { return client ? client : _found; } set { client = value; } }

        /// <summary>The key; <c>KeyCode.None</c> for none.</summary>
        public KeyCode Key { get { return key; } set { key = value; } }

        /// <summary>Withdraws all consent for all sensors at once.</summary>
        public void Withdraw()
        {
            SentioClient connected = Client;
            if (!connected) Settle(new SentioError("closed", "no client is chosen", "set Client"));
            else connected.WithdrawAll().Then(reply => Settle(reply.Error));
        }

        private void Start() { useGUILayout = false; }

        private void Update() { if (!client) _found = _finder.Of(null, this, Time.unscaledDeltaTime); }

        private void OnGUI() { if (SentioInput.IsPressed(key, Event.current)) Withdraw(); }

        private void Settle(SentioError error) { if (Withdrawn != null) Withdrawn(error); }
    }
}
