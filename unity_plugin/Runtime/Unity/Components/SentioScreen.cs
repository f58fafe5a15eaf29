using UnityEngine;

namespace Sentio
{
    /// <summary>A screen of Sentio, for mouse, touch, keyboard and gamepad.</summary>
    /// <remarks>Arrow keys, direction pad or left stick move the focus; Enter, space or the gamepad's lower button press
    /// what has it. Of several open screens the one that opened last has the focus. A game with its own input actions
    /// turns <see cref="ReadsInput"/> off and calls <see cref="Navigate"/>.</remarks>
    public abstract class SentioScreen : MonoBehaviour
    {
        [SerializeField, Tooltip("Draws the panel; turn it off if the game draws its own.")]
        private bool showPanel = true;

        [SerializeField, Tooltip("Keyboard and gamepad move the focus; turn it off if the game calls Navigate.")]
        private bool readsInput = true;

        private readonly ScreenFocus _focus = new ScreenFocus();
        private readonly ScreenMoves _moves = new ScreenMoves();
        private int _turn;
        private bool _typing;

        /// <summary>Whether the panel is drawn.</summary>
        public bool ShowPanel
        {
            get { return showPanel; }
            set
            {
                showPanel = value;
                Arrange(null);
            }
        }

        /// <summary>Whether keyboard and gamepad are read; otherwise the game calls <see cref="Navigate"/>.</summary>
        public bool ReadsInput { get { return readsInput; } set { readsInput = value; } }

        /// <summary>Whether the panel is open.</summary>
        public bool IsOpen { get; private set; }

        /// <summary>Whether keyboard and gamepad act on this screen.</summary>
        public bool HasFocus { get { return _focus.Held; } }

        /// <summary>What keyboard and gamepad press.</summary>
        internal ScreenFocus Focus { get { return _focus; } }

        /// <summary>What the player's devices do.</summary>
        internal ScreenMoves Moves { get { return _moves; } }

        /// <summary>Whether the panel is open and drawn by this component.</summary>
        private protected bool IsDrawn { get { return IsOpen && showPanel; } }

        /// <summary>Name of the control at which the focus begins; it changes nothing by itself.</summary>
        internal abstract string FirstControl { get; }

        /// <summary>Moves the focus, or presses what has it; nothing while the screen does not have the focus.</summary>
        public void Navigate(SentioMove move) { if (HasFocus) _focus.Move(move); }

        /// <summary>The screen opens, in front of those that are open.</summary>
        private protected void Appear()
        {
            if (!IsOpen)
            {
                _focus.Begin(FirstControl);
                _moves.Begin();
            }
            IsOpen = true;
            foreach (SentioScreen other in Resources.FindObjectsOfTypeAll<SentioScreen>())
                if (other != this && other._turn >= _turn) _turn = other._turn + 1;
            Arrange(null);
        }

        /// <summary>The screen closes; one that is still open gets the focus back.</summary>
        private protected void Vanish()
        {
            IsOpen = false;
            if (_typing) GUIUtility.keyboardControl = 0;
            _typing = false;
            Arrange(null);
        }

        /// <summary>Follows keyboard and gamepad in this frame, and the layout of immediate mode.</summary>
        private protected void Follow()
        {
            useGUILayout = IsDrawn;
            if (!readsInput || !HasFocus) return;
            SentioMove move = _moves.Read(Time.unscaledDeltaTime);
            // What is typed into a field is text; the key that ends it presses nothing.
            bool typing = GUIUtility.keyboardControl != 0;
            if (!typing && !_typing) Navigate(move);
            _typing = typing;
        }

        /// <summary>Unity's message; a component that has its own calls this.</summary>
        protected virtual void OnEnable() { Arrange(null); }

        /// <summary>Unity's message; a component that has its own calls this.</summary>
        protected virtual void OnDisable() { Arrange(this); }

        private static void Arrange(SentioScreen leaving)
        {
            SentioScreen front = null;
            SentioScreen[] all = Resources.FindObjectsOfTypeAll<SentioScreen>();
            foreach (SentioScreen one in all)
            {
                if (one == leaving || !one.IsDrawn || !one.isActiveAndEnabled) continue;
                if (!front || one._turn > front._turn) front = one;
            }
            foreach (SentioScreen one in all)
            {
                bool held = one == front;
                // What was pressed to close the screen in front does nothing here.
                if (held && !one._focus.Held) one._moves.Begin();
                one._focus.Held = held;
            }
        }
    }
}
